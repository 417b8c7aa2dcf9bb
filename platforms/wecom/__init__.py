"""企业微信: the self-built application with its callback, and the 智能机器人 over its long connection."""
