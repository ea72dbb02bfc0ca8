"""The ledger of disclosures: recording, flagging, correcting, retention and removal."""
