# Which firm is rung in an emergency
maintainer-LIFT_MAINTENANCE = Lift maintenance
maintainer-FIRE_MAINTENANCE = Fire system maintenance
maintainer-GAS_REPAIR = Gas repair
maintainer-WATER_REPAIR = Water repair
maintainer-POWER_REPAIR = Power repair
contacts-title = Maintenance and repair numbers
contacts-what = Whom to ring in an emergency besides 119, 110 and 120. Give a number that is answered day and night; it is then one press away on the board and the order.
contacts-none = none yet
contacts-firm = Firm
field-firm = Firm
contacts-phone = 24-hour number
contacts-save = Save
contacts-withdraw = Withdraw
station-done-contact = Number registered
station-done-withdraw = Withdrawn
refused-firm_nameless = Name the firm; a number or signs alone are no name
refused-hotline_unreadable = Nobody can be called by this: a mobile has 11 digits, a landline its area code, a public service is like 95598; one number here
