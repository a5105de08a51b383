"""Where published tables lie, and other engines that answer questions to the lake."""
