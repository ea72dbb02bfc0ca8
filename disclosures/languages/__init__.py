"""Languages side by side in the desk's forms, and translations older than their text."""
