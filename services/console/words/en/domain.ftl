# Words of the field: stages, priorities, categories, capacities

stage-UNOPENED = not opened
stage-REPORTED = reported
stage-ACCEPTED = accepted
stage-DISPATCHED = dispatched
stage-TAKEN = taken
stage-ON_SITE = on site
stage-IN_PROGRESS = in progress
stage-SUSPENDED = suspended
stage-COMPLETED = completed
stage-REWORK = in rework
stage-VERIFIED = verified
stage-FOLLOWED_UP = followed up
stage-CLOSED = closed
stage-REJECTED = rejected
stage-REFERRED = referred
stage-CANCELLED = cancelled

status-UNNOTED = not noted
status-NOTED = noted
status-TRIAGED = triaged
status-PROMOTED = made an order
status-ADVISED = answered
status-MERGED = merged
status-DROPPED = dropped

priority-P0 = P0 emergency
priority-P1 = P1 urgent repair
priority-P2 = P2 urgent
priority-P3 = P3 ordinary
priority-P4 = P4 planned

category-PUBLIC_LIGHTING = Public lighting
category-WASTE_BIN = Bins
category-FITNESS_GEAR = Fitness gear
category-PIPE_LEAK = Leaking pipe
category-STAIR_CLUTTER = Stair clutter
category-EBIKE_CHARGING = E-bike charging
category-WALL = Walls
category-PARKING = Parking
category-APPLIANCE = Appliance
category-FEE_QUERY = Fee question
category-SERVICE_COMPLAINT = Service complaint
category-NEIGHBOUR_DISPUTE = Neighbour dispute
category-LIFT_TRAPPED = Trapped in lift
category-LIFT_FAULT = Lift fault
category-POWER_OUT = Power out
category-WATER_OUT = Water out
category-FIRE = Fire
category-GAS_SMELL = Smell of gas
category-SEWAGE = Sewage
category-GREENERY = Greenery

stewardrole-REPAIRER = Repairer
stewardrole-INFO_ADVISER = Information adviser
stewardrole-MEDIATOR = Dispute mediator

capacity-STATION_HEAD = station head
capacity-DISPATCHER = station clerk
capacity-RED_STEWARD = Red Steward
capacity-CENTRE_HEAD = centre head
capacity-CASHIER = Cashier
capacity-ACCOUNTANT = Accountant
capacity-RESIDENTS_COMMITTEE = residents' committee
capacity-ADMINISTRATOR = administrator
capacity-SYSTEM = set-up

channel-DESK = At the desk
channel-PHONE = Phone
channel-HOTLINE = 12345
channel-PATROL = Patrol
channel-QR = QR code
channel-WECHAT = WeChat

part-COMMON = Common part
part-PRIVATE = Inside a dwelling

responsibility-ESTATE_COMMON = Estate
responsibility-PRIVATE_PART = Owner
responsibility-MUNICIPAL = Municipal
responsibility-UTILITY = Utility
responsibility-THIRD_PARTY = Third party
responsibility-DISPUTED = Disputed

referredto-UTILITY = a utility
referredto-MUNICIPAL = the city
referredto-WARRANTY = the builder's warranty
referredto-FUND = the maintenance fund

emergencyservice-FIRE_119 = 119 fire brigade
emergencyservice-POLICE_110 = 110 police
emergencyservice-AMBULANCE_120 = 120 ambulance
emergencyservice-LIFT_MAINTENANCE = lift maintenance

erasureground-PURPOSE_ACHIEVED = Purpose achieved
erasureground-CONSENT_WITHDRAWN = Consent withdrawn
erasureground-RESIDENT_ASKED = The resident asked
erasureground-RETENTION_ENDED = Retention ended
