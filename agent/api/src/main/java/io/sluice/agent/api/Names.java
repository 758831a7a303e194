package io.sluice.agent.api;

import java.util.regex.Pattern;

/**
 * The form of every id in the contract: safe as a file name, an IQN suffix (RFC 7143 §4.2.7.2, so no underscore), a device-mapper
 * name and a URL segment.
 */
final class Names {
    static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    private Names() {}

    static void require(String what, String value) {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("'" + value + "' is no " + what
                    + ": use 1 to 63 of a-z, 0-9, dot and hyphen, beginning with a letter or digit");
        }
    }
}
