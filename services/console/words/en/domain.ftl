# Words of the field: stages, priorities, categories, capacities

capacity-STATION_HEAD = station head
capacity-DISPATCHER = station clerk
capacity-RED_STEWARD = Red Steward
capacity-CENTRE_HEAD = centre head
capacity-CASHIER = Cashier
capacity-ACCOUNTANT = Accountant
capacity-RESIDENTS_COMMITTEE = residents' committee
capacity-ADMINISTRATOR = administrator
capacity-AUDITOR = auditor
capacity-SYSTEM = set-up

erasureground-PURPOSE_ACHIEVED = Purpose achieved
erasureground-CONSENT_WITHDRAWN = Consent withdrawn
erasureground-RESIDENT_ASKED = The resident asked
erasureground-RETENTION_ENDED = Retention ended
