/* A tag's attributes, read once: references decoded, expressions looked up. */
#include "elements.h"
#include "script.h"

struct str tag_value(const struct tag *tag, const char *name)
{
    struct str wanted = str_from(name);

    for (size_t i = 0; i < tag->count; i++) {
        if (str_equal_nocase(tag->attributes[i].name, wanted)) {
            return tag->attributes[i].value;
        }
    }
    return STR("");
}

/* An expression that is a string, or names what was imported; else an empty text. */
static struct str evaluate(const struct elements *elements, struct str expression)
{
    size_t index;
    struct str name;

    expression = str_trim(expression);
    if (expression.len >= 2 && strchr("\"'`", *expression.ptr) != NULL &&
        expression.ptr[expression.len - 1] == *expression.ptr &&
        str_find_str(expression, STR("${")) == expression.len) {
        return str_first(str_skip(expression, 1), expression.len - 2);
    }
    str_cut(expression, '.', &name, NULL); /* hero.src */
    if (map_find(&elements->prepared->imports, name, &index)) {
        return elements->prepared->import_paths[index];
    }
    return STR("");
}

/* Marks in it stay: what they stand for depends on what the value is for. */
static struct str attribute_value(struct elements *elements, const struct attribute *attribute)
{
    struct str value = attribute->expression
                           ? evaluate(elements, attribute->value)
                           : entities_decode(&elements->entities, attribute->value);

    return blanks_collapse(elements->builder->scratch, value);
}

/* imgProps={{ alt: 'what it shows' }}: the words of an image that a component makes. */
static void take_alt(const struct elements *elements, struct str object,
                     struct attribute *attribute)
{
    const struct yaml *alt = yaml_find(script_read(elements->builder->scratch, object), STR("alt"));

    if (alt != NULL && alt->text.len > 0) {
        attribute->name = STR("alt");
        attribute->value = blanks_collapse(elements->builder->scratch, alt->text);
    }
}

void tag_read(struct elements *elements, const struct token *token, struct tag *tag)
{
    struct str rest = token->attributes;

    *tag = (struct tag){ .name = token->name, .source = token->text, .empty = token->empty };
    while (tag->count < ATTRIBUTES_MAX && html_attribute(&rest, &tag->attributes[tag->count])) {
        struct attribute *attribute = &tag->attributes[tag->count++];
        struct str expression = attribute->expression ? str_trim(attribute->value) : STR("");

        attribute->value = attribute_value(elements, attribute);
        if (str_starts_with(expression, STR("<")) && tag->element.len == 0) {
            tag->element = expression;
        } else if (str_starts_with(expression, STR("{"))) {
            take_alt(elements, expression, attribute);
        }
    }
}
