"""What goes over the wire: the shapes of calls and answers, which are the document."""
