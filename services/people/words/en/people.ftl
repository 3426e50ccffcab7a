# People
stewardrole-REPAIRER = Repairer
stewardrole-INFO_ADVISER = Information adviser
stewardrole-MEDIATOR = Dispute mediator

# Why something is refused
refused-no_role = Choose at least one role
refused-not_a_party_member = A Red Steward is a Party member
refused-not_a_steward = Not a Red Steward yet; enrol first
refused-not_attached = Not attached to this estate
refused-not_by_appointment = This capacity is not given by appointment
refused-person_forgotten = This person's data were erased
refused-still_in_post = Still in a post; relieve first
