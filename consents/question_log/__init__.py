"""How often services asked whether data may be provided: counted, shown to each person, and watched for spikes."""
