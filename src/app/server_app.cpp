#include "app/server_app.hpp"

#include "app/convai_wiring.hpp"
#include "app/learning_wiring.hpp"
#include "app/metrics.hpp"
#include "app/places.hpp"
#include "app/understanding.hpp"

#include <chat_centre/analysis/models.hpp>
#include <chat_centre/app/app.hpp>
#include <chat_centre/assistant/handover.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/db/migrate.hpp>
#include <chat_centre/knowledge/numbers.hpp>
#include <chat_centre/routing/company_hours.hpp>
#include <chat_centre/routing/subjects.hpp>
#include <chat_centre/staff/staff.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <thread>

namespace chat_centre::app {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Beside the binary (an installation), then in the checkout.
fs::path web_root(const config::settings& s) {
    if (!s.web_root.empty()) return s.web_root;
    std::error_code failed;
    const fs::path binary = fs::read_symlink("/proc/self/exe", failed);
    for (const fs::path& candidate : {binary.parent_path() / "web", binary.parent_path() / "../../web/dist",
                                      fs::path("web/dist"), fs::path("/usr/share/chat-centre/web")})
        if (fs::is_directory(candidate, failed)) return fs::weakly_canonical(candidate, failed);
    return "web/dist";
}

db::settings database_of(const std::string& url) {
    db::settings s;
    s.url = url;
    return s;
}

constexpr int replay_page_size = 500;

} // namespace

server_app::server_app(const config::settings& settings, std::string database_url)
    : settings_(settings), clock_(system_clock_source()), database_(database_of(database_url)),
      files_(http::static_files::load(web_root(settings))), openapi_(openapi_text()),
      pool_(database_, "interactive", static_cast<std::size_t>(settings.database_threads)), relay_(database_),
      directory_(io_.get_executor(), pool_, clock_),
      sign_in_(pool_, passwords_, directory_, clock_,
               {settings.rate_limit_scale, settings.rate_limits,
                [this](db::tx& t, std::int64_t id) {
                    return staff::view(t, id, [this](std::int64_t s) { return hub_.online(s); });
                }}),
      lane_(database_, relay_, clock_), replies_(pool_), hub_({}, socket_services(), clock_),
      message_screen_(text_judges()), surroundings_(conversation_surroundings()),
      knowledge_(database_, clock_, settings_.time_zone),
      assistant_(settings_, database_, pool_, lane_, clock_,
                 {retrieval_from(knowledge_.library().articles()),
                  [this](db::tx& t, const assistant::call& c) { return intake_.guide(t, c); }, models_.model(),
                  [this](db::tx& t, std::int64_t conversation, const std::vector<std::int64_t>& articles) {
                      knowledge::count_answered(t, conversation, articles, clock_.now(), settings_.time_zone);
                  }}),
      leads_(database_, settings.default_country), notify_(database_, pool_, clock_, settings_),
      jobs_(database_, clock_),
      desk_({database_, lane_, jobs_, clock_, settings.assistant_name,
             [this](std::int64_t s) { return hub_.online(s); }, text_judges(),
             [this]() -> const ticket::surroundings& { return tickets_.surroundings(); }}),
      tickets_(database_, pool_, surroundings_, clock_, jobs_, settings_.default_country,
               std::chrono::minutes(settings_.escalation_minutes), requester_mail(settings_, notify_)),
      channels_(io_.get_executor(), database_, pool_, surroundings_, settings_, notify_),
      intake_({settings_, database_, pool_, surroundings_, clock_, jobs_, knowledge_.library(),
               [this]() -> const ticket::surroundings& { return tickets_.surroundings(); },
               [this](std::int64_t id) { return directory_.conversation_token(id); }}),
      elevenlabs_(io_, database_, surroundings_, tickets_.surroundings(), directory_, notify_, jobs_,
                  settings_,
                  [this](std::string_view language) { return assistant_.greeting(language, "").text; }),
      indexer_(database_), sealer_(database_), features_(make_features()) {
    add_routes(router_, &features_);
    hub_.learn(channel::convai_dialect(surroundings_,
                                       convai_settings_of(settings_, directory_, elevenlabs_.desk())));
    if (settings_.elevenlabs.webhook_audio)
        router_.allow_body(http::verb::post, channel::elevenlabs_webhook::path,
                           channel::elevenlabs_webhook::audio_limit);
    if (files_.empty())
        spdlog::warn("no web files found: the API works, the dashboard does not (WEB_ROOT, or build web/)");
}

server_app::~server_app() = default;

features server_app::make_features() {
    const auto online = [this](std::int64_t s) { return hub_.online(s); };
    const macro::company_names company{settings_.company_name, settings_.company_name_en};
    channel::widget_settings widget;
    widget.public_url = settings_.public_url;
    widget.make_token = [this](std::int64_t id) { return directory_.conversation_token(id); };
    widget.greeting = [this](std::string_view language, std::string_view scenario) {
        return assistant_.greeting(language, scenario);
    };
    return {
        system_routes({[this] { return ready(); },
                       [this] {
                           return metrics_text(http_->count(), lane_.count(), hub_.count(), pool_, relay_) +
                                  models_.metrics() + assistant_.metrics();
                       },
                       [this]() -> const std::string& { return openapi_; }}),
        analysis::routes(pool_, customer_judge(settings_), routing::subjects),
        auth::routes(sign_in_, settings_.cookie_secure),
        auth::api_key_routes(pool_, directory_, clock_),
        staff::routes({pool_, directory_, passwords_, sign_in_, clock_, online}),
        staff::department_routes(pool_, clock_),
        audit::routes(pool_),
        conversation::routes(surroundings_),
        channel::sync_routes(surroundings_, {settings_.assistant_name, settings_.time_zone},
                             elevenlabs_.desk()),
        channel::widget_routes(surroundings_, std::move(widget)),
        channel::convai_routes(clock_, convai_settings_of(settings_, directory_, elevenlabs_.desk())),
        channel::incoming_routes(channels_.context()),
        channel::bot_routes(channels_.context()),
        channel::channel_routes(channels_.context()),
        channel::delivery_routes(channels_.context()),
        assistant_.routes(),
        contact::routes(pool_, clock_, settings_.default_country,
                        [](db::tx& t, const std::vector<std::int64_t>& conversations,
                           const std::vector<std::string>& tickets, time_point now,
                           std::vector<event::entry>& events) {
                            conversation::announce(t, conversations, now, events);
                            ticket::announce(t, tickets, now, events);
                        }),
        contact::work_routes(pool_, clock_, settings_.time_zone),
        routing::routes(pool_, clock_, message_screen_, text_judges()),
        notify::own_routes(notify_),
        notify::webhook_routes(notify_),
        notify::outgoing_routes(notify_),
        ticket::routes(tickets_.surroundings()),
        ticket::portal_routes(tickets_.surroundings()),
        sla::routes(pool_, clock_),
        macro::template_routes(surroundings_, company),
        macro::macro_routes(surroundings_, company),
        quality::review_routes(surroundings_),
        quality::supervision_routes(surroundings_, silent_),
        learning::routes(surroundings_, anonymiser(), draft_maker()),
        search::routes(surroundings_),
        search::export_routes(surroundings_),
        intake_.routes(),
        intake_.prompts(),
        knowledge::article_routes(surroundings_, knowledge_.library()),
        knowledge::upkeep_routes(surroundings_),
        knowledge::help_routes(surroundings_, knowledge_.library(),
                               {settings_.company_name_en, settings_.company_name}),
        channel::elevenlabs_webhook(elevenlabs_.context()),
        channel::custom_llm(elevenlabs_.context()),
        channel::elevenlabs_tools(elevenlabs_.context(), outbound_rules_of(settings_)),
        channel::elevenlabs_settings_routes(elevenlabs_.context(), outbound_rules_of(settings_)),
    };
}

conversation::surroundings server_app::conversation_surroundings() {
    const auto handover = handover_settings_of(settings_);
    return {pool_,
            relay_,
            lane_,
            clock_,
            settings_.time_zone,
            [this](std::int64_t id) {
                std::vector<conversation::viewer> out;
                for (const auto& p : hub_.viewers(id))
                    if (!silent_.contains(id, p.staff)) out.push_back({p.staff, p.name, p.writing});
                return out;
            },
            [this](std::int64_t id) { return hub_.online(id); },
            [handover](std::string_view text, conversation::speaker role) {
                return assistant::detect_handover(text, role, handover);
            },
            [this](std::string_view text, std::string_view channel) {
                return message_screen_.concerns(text, channel);
            },
            [this](db::tx& t, const conversation::row& row, int place) -> std::optional<int> {
                const auto each = routing::seconds_per_place(t, row.department, clock_.now());
                if (!each) return std::nullopt;
                return routing::estimated_wait_seconds(*each, place);
            },
            quality::joined_with,
            &replies_,
            &intake::service::leads};
}

// Called on the hub's thread; the awaitables do their work on the database threads and come back there.
realtime::services server_app::socket_services() {
    using page = realtime::services::page;
    struct calls { // coroutines as functions: a lambda's captures would not outlive its first suspension
        static asio::awaitable<bool> may_see(db::pool& pool, principal who, std::int64_t id) {
            auto look = [who, id](db::tx& t) {
                try {
                    conversation::find_visible(t, who, id);
                    return true;
                } catch (const error&) {
                    return false;
                }
            };
            co_return co_await pool.run(std::move(look));
        }
        static asio::awaitable<std::optional<page>> replay(db::pool& pool, principal who, std::int64_t after) {
            auto read = [who, after](db::tx& t) {
                return conversation::replay(t, who, after, replay_page_size);
            };
            auto found = co_await pool.run(std::move(read));
            if (!found) co_return std::nullopt;
            co_return page{std::move(found->events), found->reached};
        }
        static asio::awaitable<std::string> post(conversation::surroundings& s, principal who,
                                                 std::int64_t id, std::string text, std::string client_id) {
            const conversation::receipt r = co_await conversation::post_message(
                s, std::move(who), id, std::move(text), std::move(client_id), {});
            co_return to_json(r.message);
        }
    };
    realtime::services s;
    s.authenticate = [this](const http::request& r) { return directory_.authenticate(r); };
    s.authenticate_token = [this](const std::string& token) { return directory_.authenticate_token(token); };
    s.refresh = [this](const principal& who) -> std::optional<principal> {
        if (who.kind != caller::staff) return who;
        auto now = directory_.staff(who.staff);
        if (!now || !directory_.session_valid(who.staff, who.session)) return std::nullopt;
        now->session = who.session;
        return now;
    };
    s.may_see = [this](principal who, std::int64_t id) { return calls::may_see(pool_, std::move(who), id); };
    s.replay = [this](principal who, std::int64_t after) {
        return calls::replay(pool_, std::move(who), after);
    };
    s.post_message = [this](principal who, std::int64_t id, std::string text, std::string client_id) {
        return calls::post(surroundings_, std::move(who), id, std::move(text), std::move(client_id));
    };
    s.head = [this] { return relay_.head(); };
    s.silent = [this](std::int64_t staff, std::int64_t id) { return silent_.contains(id, staff); };
    s.presence_changed = [this](std::int64_t id, bool online) {
        asio::post(io_, [this, id, online] {
            if (!stopping_) asio::co_spawn(io_, announce_presence(id, online), asio::detached);
        });
    };
    return s;
}

asio::awaitable<void> server_app::announce_presence(std::int64_t id, bool online) {
    const auto now = clock_.now();
    auto work = [this, id, online, now](db::tx& t) {
        desk_.presence_changed(t, id, now);
        json who;
        try {
            who = staff::view(t, id, [online](std::int64_t) { return online; });
        } catch (const error&) {
            return; // the account is gone
        }
        event::entry e;
        e.type = "presence";
        e.at = now;
        e.who = event::audience::people;
        e.data = dump(
            {{"staff_id", who["staff_id"]}, {"name", who["name"]}, {"availability", who["availability"]}});
        std::vector<event::entry> batch{std::move(e)};
        event::append(t, batch);
    };
    try {
        co_await pool_.run(std::move(work));
    } catch (const std::exception& e) {
        spdlog::warn("presence of {}: {}", format_id("STF", id), e.what());
    }
}

asio::awaitable<void> server_app::keep_presence() {
    asio::steady_timer pause(io_);
    while (!stopping_) {
        try {
            auto renew = [this, now = clock_.now()](db::tx& t) { desk_.renew_presence(t, now); };
            co_await pool_.run(std::move(renew));
        } catch (const std::exception& e) {
            spdlog::warn("renewing presence: {}", e.what());
        }
        pause.expires_after(routing::desk::renewal);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> server_app::learn_rules() {
    try {
        auto learn = [this](db::tx& t) { message_screen_.learn(t); };
        co_await pool_.run(std::move(learn));
    } catch (const std::exception& e) {
        spdlog::warn("reading the rules: {}", e.what());
    }
}

asio::awaitable<void> server_app::learn_scenarios() {
    try {
        auto learn = [this](db::tx& t) { assistant_.load(t); };
        co_await pool_.run(std::move(learn));
    } catch (const std::exception& e) {
        spdlog::warn("reading the scenarios: {}", e.what());
    }
}

asio::awaitable<bool> server_app::ready() {
    if (stopping_) co_return false;
    try {
        auto ask = [](db::tx& t) { return event::head(t); };
        co_await pool_.run(std::move(ask));
        co_return true;
    } catch (const std::exception&) {
        co_return false;
    }
}

void server_app::count_soon() {
    if (counting_soon_.exchange(true)) return;
    asio::post(io_, [this] {
        if (!stopping_) asio::co_spawn(io_, count_queue(), asio::detached);
    });
}

asio::awaitable<void> server_app::count_queue() {
    asio::steady_timer pause(io_);
    pause.expires_after(200ms); // one count for a burst of changes
    co_await pause.async_wait(asio::use_awaitable);
    counting_soon_ = false;
    try {
        const auto now = clock_.now();
        const auto day = start_of_day(now, settings_.time_zone);
        auto count = [now, day](db::tx& t) { return conversation::count_groups(t, day, now); };
        auto groups = co_await pool_.run(std::move(count));
        hub_.publish_each("queue.update", [groups = std::move(groups)](const principal& who) {
            return conversation::queue_summary(groups, who);
        });
        if (!hub_.serves_customers()) co_return;
        auto look = [now](db::tx& t) { return read_places(t, now); };
        auto places = co_await pool_.run(std::move(look));
        hub_.publish_places(std::move(places));
    } catch (const std::exception& e) {
        spdlog::warn("counting the queue: {}", e.what());
    }
}

void server_app::follow_events() {
    relay_.subscribe([this](const event::entries& batch) {
        const bool moved = std::any_of(batch->begin(), batch->end(), [](const event::entry& e) {
            return e.type == "conversation.update" || e.type == "conversation.new" ||
                   e.type == "contact.update"; // whether they are a VIP counts in the queue
        });
        if (moved) count_soon();
    });
    relay_.subscribe([this](const event::entries& e) { directory_.receive(e); });
    relay_.subscribe([this](const event::entries& e) { hub_.publish(e); });
    relay_.subscribe([this](const event::entries& e) { replies_.receive(e); });
    relay_.subscribe([this](const event::entries& e) { assistant_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { leads_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { desk_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { notify_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { tickets_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { channels_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { intake_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { elevenlabs_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { silent_.receive(e); });
    relay_.subscribe([this](const event::entries& batch) {
        const bool rules = std::any_of(batch->begin(), batch->end(),
                                       [](const event::entry& e) { return e.type == "rules.changed"; });
        if (rules)
            asio::post(io_, [this] {
                if (!stopping_) asio::co_spawn(io_, learn_rules(), asio::detached);
            });
    });
    relay_.subscribe([this](const event::entries& batch) {
        if (assistant_wiring::changes_scenarios(batch))
            asio::post(io_, [this] {
                if (!stopping_) asio::co_spawn(io_, learn_scenarios(), asio::detached);
            });
    });
    relay_.subscribe([this](const event::entries& e) { indexer_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { knowledge_.notice(e); });
    directory_.on_change(
        [this](std::int64_t id, std::string session) { hub_.access_changed(id, std::move(session)); });
}

auth::first_run_facts server_app::prepare() {
    const int applied = db::migrate(database_);
    if (applied > 0) spdlog::info("{} migrations applied", applied);
    auto facts = auth::first_run(pool_, settings_, clock_);
    pool_.run_blocking([this](db::tx& t) { routing::set_company_hours(t, settings_, clock_.now()); });
    pool_.run_blocking([this](db::tx& t) {
        if (knowledge::add_shipped_articles(t, clock_.now()) > 0) spdlog::info("the shipped articles are in");
    });
    analysis::install_from(fs::path(settings_.data_dir) / "models");
    pool_.run_blocking([this](db::tx& t) { learning::schedule_first(t, clock_.now()); });
    follow_events();
    relay_.start();
    knowledge_.start();
    directory_.load();
    pool_.run_blocking([this](db::tx& t) { silent_.load(t); });
    pool_.run_blocking([this](db::tx& t) { message_screen_.learn(t); });
    pool_.run_blocking([this](db::tx& t) { assistant_.load(t); });
    lane_.start();
    hub_.start();
    assistant_.start();
    leads_.start();
    learning::attach(jobs_, clock_, anonymiser());
    jobs_.handle(contact::task_due,
                 [this](db::tx& t, const jobs::job& j) { contact::remind_of_task(t, j, clock_.now()); });
    desk_.start();
    notify_.attach(jobs_);
    notify_.start();
    tickets_.start();
    channels_.start();
    intake_.start();
    elevenlabs_.start();
    jobs_.start();
    indexer_.start();
    sealer_.start();
    return facts;
}

void server_app::listen() {
    http::server_options o;
    o.host = settings_.host;
    o.port = settings_.port;
    o.trusted_proxies = settings_.trusted_proxies;
    o.rate_scale = settings_.rate_limit_scale;
    o.rate_limits = settings_.rate_limits;
    http_ = std::make_unique<http::server>(
        io_.get_executor(), std::move(o), router_, files_, clock_,
        [this](http::request& r) { r.who = directory_.authenticate(r); },
        [this](http::upgrade u) { hub_.take_over(std::move(u)); });
    http_->listen();
}

void server_app::run() {
    const auto busy = asio::make_work_guard(io_);
    asio::co_spawn(io_, keep_presence(), asio::detached);
    asio::co_spawn(io_, elevenlabs_.keep_uses(), asio::detached);
    io_.run();
    // The I/O thread is done: nothing new comes in. What was accepted is finished in order.
    hub_.stop(3s);
    indexer_.stop();
    jobs_.stop();
    elevenlabs_.stop();
    leads_.stop();
    desk_.stop();
    notify_.stop();
    tickets_.stop();
    channels_.stop();
    assistant_.stop();
    intake_.stop();
    knowledge_.stop();
    lane_.stop();
    relay_.stop();
    pool_.stop();
    sealer_.stop(); // last: it seals what the others have just recorded
}

void server_app::request_stop() {
    stopping_ = true;
    http_->stop(5s, [this] { io_.stop(); });
}

} // namespace chat_centre::app
