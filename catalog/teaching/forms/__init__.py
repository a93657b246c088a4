"""The shape of what is typed on the trainer's desk."""
