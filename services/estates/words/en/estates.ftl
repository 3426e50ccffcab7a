# Estates
part-COMMON = Common part
part-PRIVATE = Inside a dwelling

responsibility-ESTATE_COMMON = Estate
responsibility-PRIVATE_PART = Owner
responsibility-MUNICIPAL = Municipal
responsibility-UTILITY = Utility
responsibility-THIRD_PARTY = Third party
responsibility-DISPUTED = Disputed

# Why something is refused
refused-estate_code = Estate code { $estate } is wrong: twelve digits, a hyphen, three digits
field-code = The estate's code
field-community = Community
field-centre = Service centre
refused-station_hours = Opening must be before closing, both within one day
refused-station_week = Say the hours of all seven days, Monday to Sunday
refused-station_shifts = At most { $most } shifts a day, one after the other; a shift begins on its day and lasts until the same time of the next one at most
refused-station_never_open = Be open for { $least } minutes a week at least
refused-station_days = A day apart is named twice, has a wrong year, or there are more than { $most }
refused-unknown_building = There is no building { $building }
refused-unknown_dwelling = Building { $building } has no such dwelling
refused-unknown_estate = There is no such estate
refused-unknown_stairwell = Building { $building } has no stairwell { $stairwell }
refused-place_code = Buildings, entrances and rooms are up to 16 digits or letters, with single hyphens between them, such as 12-1 or 1#
refused-place_twice = An entrance or a room is named twice
refused-building_rooms = Name the rooms of this building, { $most } at most
refused-hours_unreadable = Write hours as 08:00-12:00 and days as 2027-02-15
refused-span_unreadable = Write it as 30 min or 4 h
refused-station_since = A year ahead at most
