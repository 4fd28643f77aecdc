/* Foreign text made safe for terminals, piece by piece. */
#include "show.h"

#include <errno.h>
#include <unistd.h>

#include "base/utf8.h"

/* Line ends and tabs stay only in a text of many lines. */
static void print_safely(struct str text, bool many_lines, FILE *to)
{
    while (text.len > 0) {
        struct str before = text;
        uint32_t character = utf8_next(&text);
        size_t len = before.len - text.len;
        bool plain = utf8_printable(character) && (len > 1 || character != UTF8_REPLACEMENT);

        if (character == '\n' || character == '\t') {
            plain = many_lines;
        }
        if (plain) {
            fwrite(before.ptr, 1, len, to);
        } else if (!many_lines || character != '\r') {
            for (size_t i = 0; i < len; i++) {
                fprintf(to, "\\x%02X", (unsigned char)before.ptr[i]);
            }
        }
    }
}

void show_note(const char *note, struct str text)
{
    fputs(note, stderr);
    print_safely(text, false, stderr);
    fputc('\n', stderr);
}

/* The text without a last character of which some bytes have yet to come. */
static struct str whole_characters(struct str text)
{
    for (size_t back = 1; back <= 3 && back <= text.len; back++) {
        unsigned char byte = (unsigned char)text.ptr[text.len - back];
        size_t needs = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;

        if (byte < 0x80 || byte >= 0xC0) {
            return str_first(text, needs > back ? text.len - back : text.len);
        }
    }
    return text;
}

/* Print what is whole and keep the rest, which is no longer than a character. */
static void print_whole(struct screen *screen, struct str text)
{
    struct str whole = whole_characters(text);

    print_safely(whole, true, stdout);
    screen->cut_len = text.len - whole.len;
    memmove(screen->cut, text.ptr + whole.len, screen->cut_len);
}

void screen_init(struct screen *screen)
{
    *screen = (struct screen){ .terminal = isatty(STDOUT_FILENO) == 1 };
}

void screen_write(struct screen *screen, struct str piece)
{
    if (!screen->terminal) {
        fwrite(piece.ptr, 1, piece.len, stdout);
        return;
    }
    while (screen->cut_len > 0 && piece.len > 0) {
        screen->cut[screen->cut_len] = piece.ptr[0];
        print_whole(screen, (struct str){ screen->cut, screen->cut_len + 1 });
        piece = str_skip(piece, 1);
    }
    if (piece.len > 0) {
        print_whole(screen, piece);
    }
}

static void write_to_screen(void *arg, struct str piece)
{
    screen_write(arg, piece);
}

struct sink screen_sink(struct screen *screen)
{
    return (struct sink){ write_to_screen, screen };
}

void screen_end(struct screen *screen)
{
    print_safely((struct str){ screen->cut, screen->cut_len }, true, stdout);
    screen->cut_len = 0;
}

bool screen_flush(struct diag *diag)
{
    if (!ferror(stdout) && fflush(stdout) == 0) {
        return true;
    }
    if (errno != EPIPE) {
        diag_errno(diag, "cannot write to standard output");
    }
    return false;
}

bool show_rest(struct client *client, struct sink sink, struct diag *diag)
{
    char buffer[16384];
    ssize_t count;

    do {
        if (!screen_flush(diag)) {
            return false;
        }
        client_restart_deadline(client);
        count = client_receive(client, buffer, sizeof buffer, "the answer is truncated", diag);
        sink.write(sink.arg, (struct str){ buffer, count > 0 ? (size_t)count : 0 });
    } while (count > 0);
    return count == 0;
}

bool show_bytes(struct client *client, struct str first, struct diag *diag)
{
    struct screen screen;
    bool whole;

    screen_init(&screen);
    screen_write(&screen, first);
    whole = show_rest(client, screen_sink(&screen), diag);
    screen_end(&screen);
    return whole && screen_flush(diag);
}
