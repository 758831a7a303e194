package io.sluice.orchestrator.web;

import io.sluice.orchestrator.ceiling.CeilingService;
import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.fleet.Link.Direction;
import io.sluice.orchestrator.fleet.Link.Scope;
import io.sluice.orchestrator.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.Principal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Ceilings, and how much of them is used. Changing one asks for the role admin. */
@RestController
@RequestMapping("/api/v1/ceilings")
@Tag(name = "ceilings")
class CeilingController {
    private static final String PATH = "/{scope}/{name}/{direction}";
    private static final String MIGRATIONS = "maxMigrations";
    private static final String BYTES = "bytesPerSecond";
    private static final int MOST_MIGRATIONS = 1_000_000;
    private static final int LONGEST_NAME = 200;

    /** Below this a volume would take weeks, and every pause of a disk would be longer than a second's worth. */
    private static final long FEWEST_BYTES = 64 << 10;

    private final CeilingService ceilings;

    CeilingController(CeilingService ceilings) {
        this.ceilings = ceilings;
    }

    @GetMapping
    @Operation(summary = "Lists ceilings with what goes on under them")
    Items<CeilingView> list() {
        return new Items<>(ceilings.usage().stream().map(CeilingView::of).toList());
    }

    @PutMapping(PATH)
    @Operation(
            summary = "Sets a ceiling as a whole",
            description =
                    "scope: worker, rack, zone, region, fleet; name: * for each that has none of its own, and for the"
                            + " fleet; direction: in, out. A number left out or null is no ceiling.")
    Items<CeilingView> put(
            @PathVariable String scope,
            @PathVariable String name,
            @PathVariable String direction,
            @RequestBody JsonNode body,
            Principal operator) {
        return set(link(scope, name, direction), Ceiling.NONE, body, operator);
    }

    @PatchMapping(PATH)
    @Operation(summary = "Changes what is named of a ceiling, and leaves the rest; null takes a number away")
    Items<CeilingView> patch(
            @PathVariable String scope,
            @PathVariable String name,
            @PathVariable String direction,
            @RequestBody JsonNode body,
            Principal operator) {
        Link link = link(scope, name, direction);
        return set(link, ceilings.of(link), body, operator);
    }

    @DeleteMapping(PATH)
    @Operation(summary = "Takes a ceiling away; harmless when there is none")
    Items<CeilingView> delete(
            @PathVariable String scope, @PathVariable String name, @PathVariable String direction, Principal operator) {
        ceilings.set(link(scope, name, direction), Ceiling.NONE, operator.getName());
        return list();
    }

    private Items<CeilingView> set(Link link, Ceiling before, JsonNode body, Principal operator) {
        Set<String> known = Set.of(MIGRATIONS, BYTES);
        String unknown = body.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .collect(Collectors.joining(", "));
        if (!body.isObject() || !unknown.isEmpty()) {
            throw invalid("a ceiling is an object of " + MIGRATIONS + " and " + BYTES
                    + (unknown.isEmpty() ? "" : "; it has no " + unknown));
        }
        Long migrations = before.migrations() == null ? null : Long.valueOf(before.migrations());
        migrations = number(body, MIGRATIONS, migrations, 0, MOST_MIGRATIONS);
        Long bytes = number(body, BYTES, before.bytesPerSecond(), FEWEST_BYTES, Long.MAX_VALUE);
        ceilings.set(link, new Ceiling(migrations == null ? null : migrations.intValue(), bytes), operator.getName());
        return list();
    }

    private static @Nullable Long number(JsonNode body, String field, @Nullable Long before, long least, long most) {
        JsonNode value = body.path(field);
        if (value.isMissingNode()) {
            return before;
        }
        if (value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            throw invalid(field + " is " + value + ", not a whole number from " + least + " to " + most + ", or null");
        }
        return value.asLong();
    }

    private static Link link(String scope, String name, String direction) {
        Scope of = named(Scope.values(), "scope", scope);
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw invalid("name: 1 to " + LONGEST_NAME + " characters");
        }
        if (of == Scope.FLEET && !name.equals(Ceilings.EACH)) {
            throw invalid("the fleet has no name: use fleet/" + Ceilings.EACH + ", not '" + name + "'");
        }
        return new Link(of, name, named(Direction.values(), "direction", direction));
    }

    private static <T extends Enum<T>> T named(T[] values, String field, String text) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> invalid(field + " is '" + text + "', not one of "
                        + Arrays.stream(values)
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_CONTENT, "INVALID_REQUEST", detail, "Correct what is named.");
    }
}
