"""The ledger of disclosures: receiving reports, recording, flagging, correcting, retention and removal."""
