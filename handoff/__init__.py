"""Who holds the conversation: states, rules, queue, hours, people and the desk."""
