"""An example's year, lived through on a real site with the services alone."""
