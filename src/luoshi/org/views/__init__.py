"""The pages of the organisation, a module for each subject."""
