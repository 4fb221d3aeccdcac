"""CSV and Excel as hospitals really export them: found headers, guessed columns, drafts of what rows say."""
