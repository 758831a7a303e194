package io.sluice.iscsi.login;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text of {@code key=value} pairs in their order, each ended by a zero byte (RFC 7143 §6.1). Immutable. */
public record TextKeys(List<Pair> pairs) {

    /** Longest name of a key (RFC 7143 §6.1). */
    private static final int MAX_NAME = 63;
    /** Longest value a key may have unless it says otherwise (RFC 7143 §6.1). */
    private static final int MAX_VALUE = 8192;

    public static final TextKeys EMPTY = new TextKeys(List.of());

    /** One key and its value. */
    public record Pair(String name, String value) {}

    /** What reading a text came to. */
    public sealed interface Parsed {
        record Text(TextKeys keys) implements Parsed {}

        record Malformed(String detail) implements Parsed {}
    }

    public TextKeys {
        pairs = List.copyOf(pairs);
    }

    public TextKeys with(String name, String value) {
        List<Pair> more = new ArrayList<>(pairs);
        more.add(new Pair(name, value));
        return new TextKeys(more);
    }

    public TextKeys with(TextKeys others) {
        List<Pair> more = new ArrayList<>(pairs);
        more.addAll(others.pairs);
        return new TextKeys(more);
    }

    /** The first value of a key, null if it is not there. */
    public @Nullable String get(String name) {
        for (Pair pair : pairs) {
            if (pair.name.equals(name)) {
                return pair.value;
            }
        }
        return null;
    }

    public boolean isEmpty() {
        return pairs.isEmpty();
    }

    /** The bytes of a data segment. */
    public ByteBuffer encode() {
        StringBuilder text = new StringBuilder();
        for (Pair pair : pairs) {
            text.append(pair.name).append('=').append(pair.value).append('\0');
        }
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a whole text (all of it, where it came in several PDUs). */
    public static Parsed parse(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        List<Pair> pairs = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\0', at);
            String item = text.substring(at, end < 0 ? text.length() : end);
            at += item.length() + 1;
            if (item.isEmpty()) {
                continue; // some initiators end the text with more than one zero byte
            }
            int equals = item.indexOf('=');
            if (equals < 1 || equals > MAX_NAME || item.length() - equals - 1 > MAX_VALUE) {
                return new Parsed.Malformed(
                        "no key=value of lawful length in a text of " + bytes.remaining() + " bytes");
            }
            pairs.add(new Pair(item.substring(0, equals), item.substring(equals + 1)));
        }
        return new Parsed.Text(new TextKeys(pairs));
    }

    /** Names only: values may be part of an authentication. */
    @Override
    public String toString() {
        return pairs.stream().map(Pair::name).toList().toString();
    }
}
