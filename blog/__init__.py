"""A blog over flat Markdown files, live and frozen from the same code.

Pages are read into a Library. Views ask the Library questions. Each answer is
noted. A frozen file is current while its notes still hold. A release becomes
live in one rename. A page with a fault is named by file and line, and troubles
no other page.

The floors; a module imports only from floors below, or from its own floor to
the left (tests/test_house.py reads the imports and says so)::

    reports console verifying cli previewing middleware wiring                        terminal
    ledger releases plan freezer outputs leaks inspection template_checks site_checks policy_checks checks compression publishing copies  writing
    feeds hosting views catalogue artwork errors styleguide                           pages
    images assets templating metadata headers noted answers files failures            answering
    contours covers socialcards                                                       drawing
    locations pictures rendering documents vocabulary sources loader                  reading
    addresses suggestions folder shards contents paging groups clashes cover_checks search passages library  asking
    markup content terms                                                              words
    faults languages notes file_reading settings edition cache pipes background          ground
"""  # noqa: E501
