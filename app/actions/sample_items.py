"""The work items of the sample project: a ticket shop for a city theatre, in the order of the backlog.

Each line is type (S story, T task, B bug), estimate in points ("-" for none) and summary.
"""

from __future__ import annotations

# Planned at the start, most urgent first.
PLANNED = """
T3 Set up the build and the test server
T2 Agree on names of halls, rows and price categories with the box office
S5 Show the season's programme month by month
S3 Open a performance with cast, duration and language
T5 Import performances from the theatre's scheduling system
S8 Draw the seating plan of the main hall
S5 Pick seats on the plan
S3 Hold chosen seats for ten minutes
T3 Keep held seats apart when two people choose at once
S2 Show prices by category beside the plan
S5 Put tickets into a basket
S3 Change or remove tickets in the basket
S3 Offer the reduced price for pupils and students
S8 Pay by card
T5 Connect the payment provider's test environment
S3 Confirm the order on screen and by e-mail
S5 Send tickets as PDF with a bar code
T3 Sign bar codes so that copies are noticed
S3 Find a performance by title or composer
S2 Filter the programme by house: main hall, studio, foyer
S5 Create an account with e-mail and password
S3 Sign in and stay signed in on this device
S2 Reset a forgotten password
S3 See past and coming orders in the account
S5 Draw the seating plan of the studio
S2 Mark wheelchair places and companion seats
S3 Book a companion seat free of charge
S5 Return tickets up to three days before the performance
T3 Refund by the same means of payment
S3 Show remaining seats in the programme as many, few, none
S2 Send a reminder the day before the performance
S3 Pay by bank transfer for orders placed two weeks ahead
S5 Box office: search an order by name or number
S3 Box office: reprint a ticket
S5 Box office: sell at the counter for cash
T5 Connect the counter's ticket printers
S3 Box office: block seats for the press
S2 Box office: release blocked seats at a set time
S5 Scan tickets at the door with a phone
S3 Scan without a network and compare later
S2 Tell the steward why a ticket is refused
T3 Load test with a thousand buyers at once
S5 Waiting room for the first day of sale
S3 Show the place in the queue and the time left
S5 Cancel a performance and tell every ticket holder
S3 Offer another date or the money back
S3 Move a performance to another day and keep the seats
S5 Choose a subscription of six performances
S8 Keep the same seat through a subscription
S3 Exchange one performance of a subscription
S2 Print the subscription card
S3 Renew a subscription before the general sale
T3 Move last season's subscribers into the new shop
S5 Daily closing report for the cashier
S3 Export sales for the accounts in the format of the tax office
S2 Report of seats sold by performance and category
S3 Group bookings for schools with one invoice
S2 Reserve for a school and confirm the number later
S3 Programme in English
S3 Basket and payment in English
T2 Have the texts of both languages checked
S5 Use the shop with a screen reader
S3 Pick seats with the keyboard
T2 Check contrast and font sizes
S3 Programme on a phone held upright
S5 Seating plan on a phone with zoom
S2 Add a performance to the calendar
S3 Save tickets in the phone's wallet
T3 Store personal data only as long as the law asks
S2 Let visitors download or delete their data
T5 Backup every hour and a rehearsed restore
T3 Alarm when payments fail more often than usual
S2 Say what is wrong when a card is refused
S3 Discount codes for friends of the theatre
S2 Two for one on Tuesdays
S3 Choose a donation on top of the ticket
T2 Receipt for donations
S3 Late tickets at half price an hour before
S5 Gift vouchers by e-mail
S3 Pay with a gift voucher
S2 Show what is left on a voucher
S3 Print gift vouchers at the counter
T3 Put the old shop's addresses on the new one
T2 Write the handbook for the box office
T3 Train the box office on two afternoons
S2 Notice when the shop is closed for maintenance
S3 Statistics of visitors by postcode
T3 Penetration test by an outside firm
T2 Privacy notice and terms of sale
T5 Move to the production servers
"""

# What came up on the way, in the order in which it came up.
ADDED = """
B2 Programme shows matinees on the wrong day
B1 Umlauts in cast names are broken after the import
S3 Show premieres and last performances with a note
B3 Held seats are not released when the browser is closed
T2 Log every step of an order for the hotline
B2 Basket keeps reduced price after the age is changed
S2 Show the running order of a concert
B1 Confirmation e-mail has no sender name
B3 Card payment is taken twice after pressing back
S3 Pay with PayPal
B2 PDF ticket cuts off long titles
T3 Run the payment tests every night
B2 Search does not find composers without accents
S2 Recommend performances like the one just booked
B1 Sign-in page forgets where it came from
S3 Several names on the tickets of one order
B3 Studio plan shows the balcony that is closed this season
T2 Update the web framework to the supported version
B2 Companion seat can be bought alone
S5 Numbered and free seating in one performance
B1 Reminder is sent for returned tickets
B2 Refund of a partly returned order rounds wrongly
S2 Box office: note on an order
B3 Ticket printer stops after forty tickets
S3 Box office: split a payment into cash and card
B2 Blocked press seats appear as sold in the report
T3 Measure how long the programme page takes on a phone
B2 Door scanner accepts yesterday's ticket
S2 Show the number of visitors already inside
B1 Scanner sounds the same for good and bad tickets
S3 Second entry after the interval
B3 Queue position jumps back after a reload
T2 Raise the limits of the mail server before the sale
S3 Tell buyers by text message when a performance is cancelled
B2 Rebooked tickets keep the old bar code
S3 Put a subscription on hold for one season
B2 Subscriber discount is missing in the basket
S2 Show the free exchanges left in the account
B3 Two subscribers were given the same seat
T3 Compare subscriber data with the membership list
B1 Closing report lists the float twice
S2 Closing report by till
B2 Export lacks orders paid after midnight
S3 Invoice address other than the buyer's
B1 School invoice shows the teacher's private address
S2 Choose the language from the browser's setting
B2 English confirmation has German month names
B2 Screen reader reads the seat number before the row
S3 Choose seats by description instead of by plan
B3 Zoomed plan jumps while a finger is moving
S2 Larger touch targets on the plan
B1 Calendar entry is an hour late in summer
T3 Renew the signing certificates
S3 Wallet ticket changes when the performance moves
B2 Deleted account still gets the newsletter
T2 Rehearse the restore with the data centre
B2 Alarm rings every night during maintenance
S3 Discount for members of the library
B2 Two-for-one counts reduced tickets first
S2 Show how much was given for the children's theatre
B1 Receipt shows the order's date instead of the payment's
S3 Late tickets also for the studio
B2 Late tickets can be returned for the full price
T3 Test the change of clocks in October
S3 Redeem old paper vouchers at the counter
B2 Handbook shows screens of the first version
S2 Short guide for door stewards
B1 Maintenance notice stays after the end
S2 Note the reason of a return for the statistics
B2 Postcode statistics count returned tickets
T2 Answer the findings of the penetration test
S2 Accept the terms once per account, not per order
"""
