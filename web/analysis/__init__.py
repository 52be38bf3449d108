"""What the record can be asked as a whole: `/analysis` and the pages it leads to.

`questions` is the table of them, `forms` what stands above an answer, `routes` the
pages and the JSON.
"""
