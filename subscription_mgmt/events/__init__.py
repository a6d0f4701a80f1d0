"""What the app does when ERPNext's documents change: one file per DocType of ERPNext."""
