"""Data in and out: dataset folders, JSON Lines streams, plain documents."""
