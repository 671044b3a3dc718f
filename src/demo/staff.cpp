#include "demo/staff.hpp"

#include <algorithm>

namespace chat_centre::demo {
namespace {

constexpr std::string_view education[] = {"education", "scholarship"};
constexpr std::string_view medical[] = {"medical", "goodsam"};
constexpr std::string_view support[] = {"tech-support", "billing", "account"};
constexpr std::string_view orders[] = {"sales", "status-check", "community"};
constexpr std::string_view arabic[] = {"reception", "sales", "complaints", "billing", "scholarship"};
constexpr std::string_view reception[] = {"reception"};

constexpr std::string_view english_only[] = {"en"};
constexpr std::string_view both[] = {"ar", "en"};

constexpr desk_account accounts[] = {
    {desk::education, "Sarah Johnson", "sarah.johnson@demo.example", "agent", education, english_only},
    {desk::medical, "Medical desk", "medical@demo.example", "agent", medical, english_only},
    {desk::support, "Support desk", "support@demo.example", "agent", support, english_only},
    {desk::orders, "Orders desk", "orders@demo.example", "agent", orders, english_only},
    {desk::arabic, "Arabic desk", "arabic@demo.example", "agent", arabic, both},
    {desk::manager, "Duty manager", "manager@demo.example", "manager", reception, both},
};

} // namespace

std::span<const desk_account> desk_accounts() { return accounts; }

bool serves(desk who, std::string_view department) {
    if (who == desk::admin || who == desk::manager) return true;
    return std::any_of(std::begin(accounts), std::end(accounts), [&](const desk_account& a) {
        return a.who == who &&
               std::find(a.departments.begin(), a.departments.end(), department) != a.departments.end();
    });
}

} // namespace chat_centre::demo
