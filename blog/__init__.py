"""A blog over flat Markdown files, live and frozen from the same code.

Pages are read into a Library. Views ask the Library questions. Each answer is
noted. A frozen file is current while its notes still hold. A release becomes
live in one rename. A page with a fault is named by file and line, and troubles
no other page.

The floors; a module imports only from floors below, or from its own floor to
the left (tests/test_house.py reads the imports and says so)::

    reports console verifying cli previewing middleware wiring                        terminal
    ledger releases plan freezer site_checks policy_checks checks inspection compression publishing copies  writing
    images assets templating metadata headers noted answers feeds hosting views catalogue artwork errors styleguide  answering
    contours covers socialcards                                                       drawing
    pictures rendering documents vocabulary sources loader                            reading
    addresses folder shards contents paging groups clashes cover_checks search passages library    asking
    markup content terms                                                              words
    faults notes files settings edition cache pipes                                   ground
"""  # noqa: E501
