"""Trigpoint, a blog over flat Markdown files, live and frozen from the same code.

Pages are read into a Library. Views ask the Library questions. Each answer is
noted. A frozen file is current while its notes still hold. A release becomes
live in one rename. A page with a fault is named by file and line, and troubles
no other page.

Fifteen folders, each of which imports from those before it and from the ground,
the modules beside this file (tests/test_house.py holds the order):

    markup content search library images loading web freezing writing checking
    hosting delivery preview importing commands
"""
