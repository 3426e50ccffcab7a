"""The audit trail (留痕): what everybody may see of an event, and how many others it must be like to be seen so."""
