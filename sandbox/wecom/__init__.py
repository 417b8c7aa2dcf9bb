"""企业微信 on this machine: its API, its callbacks, its bot gateway, and the phones of its members."""
