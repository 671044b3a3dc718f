#include "knowledge/words.hpp"

namespace chat_centre::knowledge {
namespace {

// A long group goes on in the next line. NOLINTBEGIN(bugprone-suspicious-missing-comma)
constexpr synonym_group english_groups[] = {
    "refund: refund, money back, reimburse, reimbursement, cash back, get my money, my money returned, where is my money, wheres my money, get money back",
    "return: return, send back, sending back, give back, bring back",
    "exchange: exchange, swap, replace, replacement",
    "order: order, parcel, package, shipment, item, product",
    "track: track, tracking, where is my, wheres my, whereabouts, hasnt arrived, not arrived, didnt arrive, "
    "never arrived, hasnt come, didnt come, not come, not here yet",
    "delivery: delivery, deliver, shipping, ship, courier, dispatch",
    "cancel: cancel, cancellation, call off, call it off, stop, terminate, unsubscribe, quit",
    "change: change, modify, edit, amend, update, alter, correct",
    "damaged: damaged, damage, broken, broke, smashed, cracked, defective, defect, torn, in pieces",
    "fault: fault, faulty, malfunction, stopped working, stop working, not working, doesnt work, does not work, isnt working, "
    "broke down, wont turn on, dead",
    "wrong: wrong, incorrect, mistaken, different from",
    "missing: missing, lost, incomplete, left out, not in the box",
    "password: password, passcode, passphrase, pwd, passwd",
    "signin: sign in, log in, login, signin, log on, logon, log into, sign into, logging in, signing in, get in",
    "signup: sign up, signup, register, registration, create an account, create account, open an account, new account, "
    "set up an account, make an account, open account",
    "locked: locked, locked out, blocked, suspended, disabled, frozen",
    "price: price, cost, fee, charge, how much, pricing, rate, expensive, cheap",
    "invoice: invoice, bill, receipt, billing statement",
    "pay: pay, payment, paid, paying, payable, checkout",
    "card: card, visa, mastercard, credit card, debit card",
    "declined: declined, rejected, refused, failed, not going through, wont go through, didnt go through, bounced, "
    "unsuccessful, turned down, denied",
    "discount: discount, coupon, voucher, promo, promotion, promo code, code",
    "plan: plan, subscription, package plan, tier, subscribe",
    "upgrade: upgrade, higher plan, bigger plan, move up",
    "downgrade: downgrade, lower plan, smaller plan, cheaper plan",
    "limit: limit, quota, cap, rate limit, throttle, maximum, 429",
    "api: api, endpoint, rest api, developer",
    "key: key, token, secret, credential",
    "integration: integration, integrate, connect, plugin, webhook, connector, hook up, link with",
    "export: export, download, extract, take out",
    "team: team, colleague, coworker, member, teammate, user",
    "invite: invite, invitation, add people, add",
    "security: security, secure, two factor, 2fa, two step, authenticator, mfa, verification code",
    "hacked: hacked, stolen, compromised, break in, unauthorised, unauthorized, somebody else used",
    "down: down, outage, offline, unavailable, not loading, wont load, slow",
    "booking: booking, book, appointment, reservation, reserve, slot, schedule",
    "visit: visit, come by, drop in, stop by, come to your office, visit you, see you in person",
    "buy: buy, buying, bought, purchase",
    "reschedule: reschedule, move, postpone, another day, different day, another time, different time, push back, something came up, "
    "bring forward, shift, rebook",
    "hours: hours, open, opening, closing, close, closed, weekend, holiday, what time",
    "prepare: prepare, preparation, bring, before i come, get ready, beforehand",
    "late: late, delay, delayed, overdue, behind schedule, running late",
    "scholarship: scholarship, bursary, grant for school, sponsorship, school fees, tuition, tuition fees",
    "document: document, paper, paperwork, file, certificate, transcript",
    "upload: upload, attach, submit, hand in, send in, take pictures, scan, photo",
    "bank statement: bank statement, statement, bank account, bank, proof of income, payslip, pay slip, income proof, income, salary, wage, "
    "earn, employer, boss",
    "apply: apply, application, applicant, applying, applied, form",
    "deadline: deadline, closing date, last day, last date, due date, cut off, too late, until what date, what date, until when, by when, till when, missed the date",
    "status: status, progress, outcome, result, decision, hear back, heard back, heard anything, any news, an update, any update, update on, updates on",
    "eligible: eligible, eligibility, qualify, qualification, requirement, criteria, allowed to apply, who can",
    "medical: medical, hospital, treatment, surgery, operation, medicine, medication, clinic, doctor, health, sick, ill",
    "urgent: urgent, emergency, immediately, asap, ambulance, bleeding, fever, unconscious, accident, heart attack, dying, danger",
    "project: project, community project, borehole, village, initiative",
    "funding: funding, fund, funded, money for, finance, budget, grant",
    "complain: complain, complaint, unhappy, dissatisfied, bad service, rude, treated badly, disappointed",
    "contact: contact, reach, call, phone, speak, talk, email you, get in touch",
    "person: person, human, agent, representative, somebody, someone, adviser, staff",
    "data: data, personal information, privacy, personal data, details, about me, my information",
    "delete: delete, erase, remove, wipe, get rid of",
    "warranty: warranty, guarantee, repair, fix",
    "address: address, location, where are you, directions",
    "duration: how long, duration, take long, how many days, how soon, long does, by tomorrow, next day, same day, express",
    "donate: donate, donation, give money, contribute, support your work",
    "volunteer: volunteer, volunteering, give my time, help out",
    "gift: gift, present, gift wrap, gift card",
    "stock: stock, available, availability, sold out, back in stock, in stock",
    "international: international, abroad, overseas, other countries, another country, foreign",
    "size: size, too small, too big, fit, doesnt fit, colour, color",
    "reset: reset, forgot, forgotten, cant remember, dont remember, lost my password, recover",
    "trial: trial, try, free trial, demo, test account",
    "renewal: renewal, renew, auto renew, recurring, again next",
    "automatic: automatic, auto, by itself, automatically",
    "home: home, house, at my place, my place, my flat, doorstep",
    "accept: accept, do you take, you take, allow, permitted",
    "bribe: bribe, asked me to pay, asked me for money, asked you for money, asks for money, ask me for money, demand money, ask you for money",
    "absent: absent, cant make it, cannot make it, do not come, show up, unable to come, no show, miss my appointment, cannot come, cant come",
    "reference: reference, reference number, ref number, ref",
    "mail: mail, email, e mail, inbox",
    "customs: customs, import duty, customs duty, import tax, duty",
    "school: school, university, college, uni",
    "age: age, old, years old, too old",
    "instalment: instalment, installment, pay monthly, split the payment, pay later",
    "guarantor: guarantor, guardian, parent, mother, father",
    "appeal: appeal, reconsider, review the decision, second chance, challenge",
};
// NOLINTEND(bugprone-suspicious-missing-comma)

} // namespace

std::string_view english_fillers() {
    return "a an the this that these those it its i im ive id ill me my mine myself we our ours us you your yours u ur he she "
           "they them their his her is are was were be been being am do does did doing done dont doesnt didnt have has had "
           "having havent hasnt can could cannot cant couldnt will would wont wouldnt shall should shouldnt may might must "
           "to of in on at by for from with without into about as and or but if so than then too very just also only even "
           "still already yet again not no yes ok okay please pls plz thanks thank thx hello hi hey dear good morning "
           "afternoon evening day sir madam how what when where which who whom why whats hows wheres whos there here any "
           "some all each every other more most much many lot few one ones thing things something anything everything "
           "nothing want wants wanted need needs needed like would know tell told let get gets getting got give go going "
           "gone come make made see look looking find found use using used help question questions wondering possible way "
           "ways out up down off over before after during until while because since however really actually maybe "
           "problem issue trouble keep keeps kept think guess sure able right now today yesterday tomorrow "
           "monday tuesday wednesday thursday friday saturday sunday "
           "em cause cos coz gonna wanna gotta lol hmm uh um exactly quite kind sort bit happen happens happened instead programme program accepted";
}

std::span<const synonym_group> english_synonyms() { return english_groups; }

} // namespace chat_centre::knowledge
