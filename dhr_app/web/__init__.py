"""The front door: a view finds, hands over to the work, and answers; a room is a folder of views on one noun."""
