"""What several platforms need to draw a card: texts made to fit, and a form as one text to answer in a line."""
