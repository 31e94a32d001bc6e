"""The language server: functions over the text of a spec, and `server`, which speaks the protocol."""
