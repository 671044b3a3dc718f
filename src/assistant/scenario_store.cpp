#include "assistant/scenario_store.hpp"

#include "assistant/queries.hpp"

#include <chat_centre/base/ids.hpp>

namespace chat_centre::assistant {
namespace {

scenario scenario_from(const db::row& r) {
    scenario s;
    s.id = r.get<std::int64_t>(0);
    s.slug = r.get<std::string>(1);
    s.name_en = r.get<std::string>(2);
    s.name_ar = r.get<std::string>(3);
    s.prompt = r.get<std::string>(4);
    s.language = r.get<std::string>(5);
    const json look = json::parse(r.text(6));
    s.look = {look.value("colour", ""), look.value("assistant_name", ""), look.value("greeting_en", ""),
              look.value("greeting_ar", "")};
    s.intake = r.get<bool>(7);
    s.limits = read_thresholds(json::parse(r.text(8)));
    s.active = r.get<bool>(9);
    return s;
}

std::optional<scenario> first(const std::optional<db::row>& r) {
    return r ? std::optional(scenario_from(*r)) : std::nullopt;
}

std::int64_t number_in(std::string_view name) { return parse_id("SCN", name).value_or(0); }

class threshold_reader {
public:
    explicit threshold_reader(const json& given) : given_(given) {}

    template <class T>
    void take(const char* name, T& out, T lo, T hi, const char* range) {
        const auto it = given_.find(name);
        if (it == given_.end()) return;
        ++known_;
        const bool shaped = std::is_integral_v<T> ? it->is_number_integer() : it->is_number();
        const double v = shaped ? it->template get<double>() : 0;
        if (shaped && v >= lo && v <= hi)
            out = static_cast<T>(v);
        else
            bad_.push_back({std::string("thresholds.") + name, range});
    }
    void finish() {
        if (bad_.empty() && known_ != given_.size())
            bad_.push_back({"thresholds", "has fields other than answer, suggest, mood, failures, "
                                          "repetitions and window"});
        if (!bad_.empty()) throw error::unprocessable(std::move(bad_));
    }

private:
    const json& given_;
    std::size_t known_ = 0;
    std::vector<field_error> bad_;
};

} // namespace

thresholds read_thresholds(const json& given, thresholds base) {
    threshold_reader r(given);
    r.take("answer", base.answer, 0.0, 1.0, "must be a number from 0 to 1");
    r.take("suggest", base.suggest, 0.0, 1.0, "must be a number from 0 to 1");
    r.take("mood", base.mood, -1.0, 0.0, "must be a number from -1 to 0");
    r.take("failures", base.failures, 1, 20, "must be a whole number from 1 to 20");
    r.take("repetitions", base.repetitions, 2, 20, "must be a whole number from 2 to 20");
    r.take("window", base.window, 2, 50, "must be a whole number from 2 to 50");
    r.finish();
    if (base.suggest > base.answer)
        throw error::unprocessable("thresholds.suggest", "must not be above answer");
    return base;
}

json to_json(const thresholds& t) {
    return {{"answer", t.answer},     {"suggest", t.suggest},         {"mood", t.mood},
            {"failures", t.failures}, {"repetitions", t.repetitions}, {"window", t.window}};
}

json to_json(const branding& b) {
    return {{"colour", b.colour},
            {"assistant_name", b.assistant_name},
            {"greeting_en", b.greeting_en},
            {"greeting_ar", b.greeting_ar}};
}

std::vector<scenario> list_scenarios(db::tx& t, std::int64_t after, std::int64_t limit) {
    std::vector<scenario> out;
    for (const auto r : t.many(sql::list_scenarios, after, limit)) out.push_back(scenario_from(r));
    return out;
}

std::optional<scenario> find_scenario(db::tx& t, std::string_view name) {
    return first(t.maybe(sql::find_scenario, name, number_in(name)));
}

std::optional<scenario> lock_scenario(db::tx& t, std::string_view name) {
    return first(t.maybe(sql::lock_scenario, name, number_in(name)));
}

std::int64_t add_scenario(db::tx& t, const scenario& s, time_point now) {
    try {
        return t.scalar<std::int64_t>(sql::add_scenario, s.slug, s.name_en, s.name_ar, s.prompt, s.language,
                                      dump(to_json(s.look)), s.intake, dump(to_json(s.limits)), s.active, now);
    } catch (const db::failure& f) {
        if (f.constraint() == "scenario_slug_key")
            throw error::conflict("There is a scenario with this slug already.");
        throw;
    }
}

void change_scenario(db::tx& t, const scenario& s, time_point now) {
    t.exec(sql::change_scenario, s.id, s.name_en, s.name_ar, s.prompt, s.language, dump(to_json(s.look)),
           s.intake, dump(to_json(s.limits)), s.active, now);
}

} // namespace chat_centre::assistant
