package io.sluice.agent.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A device filter of LVM, as lvm.conf(5) has it: of its rules the first that matches a name says whether that name is accepted. A
 * device has several names. One that is accepted is enough to have it read; it is left alone when none is and one is rejected.
 */
record LvmFilter(List<Rule> rules) {
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    record Rule(boolean accepts, Pattern names) {
        /** {@code a|^/dev/sda|}: what it does, and an expression between two characters that it does not hold. */
        static Rule parse(String text) {
            boolean known = text.startsWith("a") || text.startsWith("r");
            if (!known || text.length() < 3 || text.charAt(1) != text.charAt(text.length() - 1)) {
                throw new IllegalArgumentException(text + " is no rule of a filter");
            }
            try {
                return new Rule(text.startsWith("a"), Pattern.compile(text.substring(2, text.length() - 1)));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(text + " cannot be understood: " + e.getDescription(), e);
            }
        }
    }

    LvmFilter {
        rules = List.copyOf(rules);
    }

    /** What stands behind the {@code =}: a list of strings, or one. */
    static LvmFilter parse(String value) {
        List<Rule> rules = new ArrayList<>();
        Matcher quoted = QUOTED.matcher(value);
        while (quoted.find()) {
            rules.add(Rule.parse(quoted.group(1).replaceAll("\\\\(.)", "$1")));
        }
        return new LvmFilter(rules);
    }

    boolean rejects(Set<String> namesOfOneDevice) {
        boolean rejected = false;
        for (String name : namesOfOneDevice) {
            for (Rule rule : rules) {
                if (rule.names().matcher(name).find()) {
                    if (rule.accepts()) {
                        return false;
                    }
                    rejected = true;
                    break;
                }
            }
        }
        return rejected;
    }
}
