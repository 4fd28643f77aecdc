/* When it is worth a look, and when one generation has to wait for the next. A change is what makes
 * one survey differ from another; what the kernel tells only says when to make one. */
#include "watch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "ground.h"

#define SETTLE_MS     150   /* of quiet, so that what is saved or pulled together comes together */
#define UNREST_MS     3000  /* but for a folder that is never quiet */
#define POLL_MS       1000  /* between surveys, where the kernel tells nothing */
#define BACKSTOP_MS   60000 /* where it does: for what it cannot tell of */
#define POLL_SHARE    50    /* a survey may take this part of the time between two */
#define RECHECK_MS    10000 /* of a clock that may jump, while a post waits for its hour */
#define SET_BACK_NS   NS_PER_S /* by as much it was; less is a clock being kept right */
#define FIRST_PAUSE   250      /* between generations that follow closely; then twice as long */
#define LAST_PAUSE    1000     /* an author who saves and saves again sees it within a second */
#define DEAR_PAUSE    10000    /* for generations that take seconds to make */
#define CLOSELY_MS    1000     /* after the one before, or within four of its pauses */
#define PAUSE_SHARE   4        /* a pause is at least so much longer than making a generation */
#define STAMP_STEP_NS 4000000  /* stamps of files lag so far behind the clock */

struct watch {
    struct ground *ground;
    uint64_t seen;    /* the survey that the last generation was made by */
    int64_t first_ms; /* when something changed that was not looked at; 0: nothing has */
    int64_t last_ms;
    int64_t poll_ms; /* when to look in any case */
    int64_t rest_ms; /* no generation before that */
    int64_t made_ms;
    int64_t pause_ms;
    int64_t next_scheduled; /* seconds; 0: none, or it was said that its hour has come */
    int64_t read_since_ns;  /* the time of day by which the last generation was made */
};

const char *const watch_mode_names[] = { "auto", "poll", "off", NULL };

struct watch *watch_create(void)
{
    struct watch *watch = calloc(1, sizeof *watch);

    if (watch != NULL) {
        watch->ground = ground_create();
    }
    if (watch != NULL && watch->ground == NULL) {
        watch_destroy(watch);
        return NULL;
    }
    return watch;
}

void watch_destroy(struct watch *watch)
{
    if (watch != NULL) {
        ground_destroy(watch->ground);
        free(watch);
    }
}

int watch_fd(const struct watch *watch)
{
    return ground_fd(watch->ground);
}

/* ---- looks ----------------------------------------------------------------------------------- */

static struct survey look(struct watch *watch)
{
    int64_t start = clock_ms();
    struct survey survey = ground_survey(watch->ground);
    int64_t took = clock_ms() - start;
    int64_t pause = ground_is_blind(watch->ground) ? POLL_MS : BACKSTOP_MS;

    pause = pause < took * POLL_SHARE ? took * POLL_SHARE : pause;
    watch->poll_ms = clock_ms() + pause;
    watch->first_ms = 0;
    watch->seen = survey.hash;
    return survey;
}

/* What changed so shortly ago that it was perhaps not read as it is now. */
static void look_again_soon(struct watch *watch)
{
    watch->seen = ~watch->seen;
    watch->first_ms = watch->last_ms = clock_ms();
}

/* What changed just now may change again without another stamp: that is worth another look. */
void watch_note(struct watch *watch)
{
    struct survey survey = look(watch);

    if (survey.newest_ns > clock_of_day_ns() - STAMP_STEP_NS) {
        look_again_soon(watch);
    }
}

void watch_take_aim(struct watch *watch, const struct watch_aim *aim)
{
    struct survey survey;

    watch->next_scheduled = aim->next_scheduled;
    watch->read_since_ns = aim->read_since_ns;
    if (!ground_take(watch->ground, aim)) {
        return;
    }
    survey = look(watch);
    if (survey.newest_ns >= aim->read_since_ns - STAMP_STEP_NS) {
        look_again_soon(watch);
    }
}

static void hear(struct watch *watch)
{
    enum news news = ground_hear(watch->ground);
    int64_t now = clock_ms();

    if (news != NEWS_NONE) {
        watch->last_ms = now;
    }
    if (news == NEWS_CHANGE && watch->first_ms == 0) {
        watch->first_ms = now;
    }
}

/* ---- reasons --------------------------------------------------------------------------------- */

/* How long until the hour of the next post, by the clock of now. */
static int64_t scheduled_in_ms(const struct watch *watch, int64_t day_ns)
{
    return watch->next_scheduled == 0 ? INT64_MAX
                                      : (watch->next_scheduled * NS_PER_S - day_ns) / NS_PER_MS + 1;
}

/* Once for each occasion: a generation that could not be made for it is made when something has
 * been mended. */
static const char *clock_reason(struct watch *watch, int64_t day_ns)
{
    if (watch->next_scheduled != 0 && day_ns / NS_PER_S >= watch->next_scheduled) {
        watch->next_scheduled = 0;
        return "the hour of a post has come";
    }
    if (day_ns < watch->read_since_ns - SET_BACK_NS) {
        watch->read_since_ns = day_ns;
        return "the clock was set back";
    }
    return NULL;
}

static int64_t settled_ms(const struct watch *watch)
{
    int64_t quiet = watch->last_ms + SETTLE_MS;
    int64_t patience = watch->first_ms + UNREST_MS;

    return quiet < patience ? quiet : patience;
}

static int64_t next_look_ms(const struct watch *watch)
{
    int64_t due = ground_is_watched(watch->ground) ? watch->poll_ms : INT64_MAX;

    return watch->first_ms != 0 ? clock_earlier(due, settled_ms(watch)) : due;
}

int64_t watch_due(const struct watch *watch, int64_t day_ns)
{
    int64_t due = next_look_ms(watch);
    int64_t hour = scheduled_in_ms(watch, day_ns);

    if (hour != INT64_MAX) {
        due = clock_earlier(due, clock_ms() + clock_earlier(hour, RECHECK_MS));
    }
    return due < watch->rest_ms ? watch->rest_ms : due;
}

const char *watch_reason(struct watch *watch, int64_t day_ns)
{
    const char *reason;
    uint64_t seen = watch->seen;

    hear(watch);
    if (clock_ms() < watch->rest_ms) {
        return NULL;
    }
    reason = clock_reason(watch, day_ns);
    if (reason != NULL) {
        watch_note(watch);
        return reason;
    }
    if (clock_ms() < next_look_ms(watch)) {
        return NULL;
    }
    watch_note(watch);
    return watch->seen != seen ? "files have changed" : NULL;
}

void watch_rest(struct watch *watch, int64_t took_ms)
{
    int64_t now = clock_ms();
    int64_t since = now - watch->made_ms;

    if (since > CLOSELY_MS + 4 * watch->pause_ms) {
        watch->pause_ms = 0;
    } else {
        watch->pause_ms = watch->pause_ms == 0 ? FIRST_PAUSE : watch->pause_ms * 2;
    }
    if (watch->pause_ms > LAST_PAUSE) {
        watch->pause_ms = LAST_PAUSE;
    }
    if (watch->pause_ms < took_ms * PAUSE_SHARE) {
        watch->pause_ms = clock_earlier(took_ms * PAUSE_SHARE, DEAR_PAUSE);
    }
    watch->made_ms = now;
    watch->rest_ms = now + watch->pause_ms;
}
