"""What a person's decisions allow now or allowed at a time, item by item, and the checks that services ask."""
