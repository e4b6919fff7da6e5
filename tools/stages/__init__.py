"""The stages of the work as jobs of the store: retrieve, adapt, render, measure, cut."""
