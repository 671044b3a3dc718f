#pragma once
// Which words belong to which department and category.

#include "analysis/words.hpp"

#include <array>

namespace chat_centre::analysis {

struct subject_name {
    std::string_view department;
    std::string_view category;
};
// Of two that fit equally the earlier one is meant: the narrower the matter, the earlier it stands.
constexpr std::array subjects{
    subject_name{"complaints", "complaint"},
    subject_name{"goodsam", "goodsam"},
    subject_name{"medical", "medical"},
    subject_name{"scholarship", "education_scholarship"},
    subject_name{"status-check", "status_check"},
    subject_name{"community", "community_project"},
    subject_name{"billing", "billing"},
    subject_name{"account", "account"},
    subject_name{"tech-support", "tech"},
    subject_name{"education", "education"},
    subject_name{"sales", "sales"},
    subject_name{"complaints", "delivery"},
    subject_name{"reception", "appointment"},
};

// Tags: indexes of subjects. What makes a text a complaint about something is more than the something, and only that may
// be denied: "no complaint", but "I cannot log in" is about signing in all the same.
constexpr int complaints = 0, goodsam = 1, medical = 2, scholarship = 3, status = 4, community = 5,
              billing = 6, account = 7, tech = 8, education = 9, sales = 10, delivery = 11, appointment = 12;

std::span<const term> english_subject_words();
std::span<const term> arabic_subject_words();

} // namespace chat_centre::analysis
