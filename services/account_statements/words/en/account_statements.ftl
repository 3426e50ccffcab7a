# Links to account statements

# Why something is refused
refused-link_days = It may last from 1 to { $most } days
refused-link_ended = This address opens nothing any more
refused-link_no_owner = Nobody is registered as owner now; register the owner first
