"""The SQL of the views, one module per revision that changed them."""
