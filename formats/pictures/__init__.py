"""Where the marks of a picture stand: geometry, without words and without colour.

A picture is SVG that a template writes from these shapes. The same data gives the same
picture, always: nothing is random and nothing is measured in a browser. At most 2,000
marks are drawn; whoever makes the data says what is left out.
"""
