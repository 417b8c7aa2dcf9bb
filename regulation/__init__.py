"""What the 办法 says, as pure values and functions; imports nothing of ours."""
