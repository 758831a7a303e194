package io.sluice.agent.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Reads and writes such files as records. */
public final class Documents {
    /** Nobody writes more by hand; a larger file is a mistake. */
    private static final long MOST_BYTES = 1 << 20;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .build();

    private Documents() {}

    /**
     * Reads the file as that record.
     *
     * @throws DocumentException when it is missing, has a key that is not known, or a value of the wrong kind
     */
    public static <T> T read(Path file, Class<T> type) {
        T content = parse(file, type);
        if (content == null) {
            throw new DocumentException(file, "", "the file is empty: see the documented example");
        }
        return content;
    }

    public static <T> String write(T content) {
        return YAML.writeValueAsString(content);
    }

    private static <T> @Nullable T parse(Path file, Class<T> type) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new DocumentException(file, "", "the file is larger than 1 MiB: is it the right one?");
            }
            return YAML.readValue(Files.readString(file), type);
        } catch (UnrecognizedPropertyException e) {
            Collection<Object> known = e.getKnownPropertyIds();
            String names = known == null
                    ? ""
                    : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
            throw new DocumentException(file, keyOf(e), "is not known here; remove it or use one of: " + names, e);
        } catch (InvalidFormatException e) {
            throw new DocumentException(
                    file, keyOf(e), "'" + e.getValue() + "' is no " + kindOf(e.getTargetType()) + ": correct it", e);
        } catch (DatabindException e) {
            throw new DocumentException(file, keyOf(e), reasonOf(e), e);
        } catch (JacksonException e) {
            throw new DocumentException(file, "", "is not valid YAML: " + reasonOf(e), e);
        } catch (IOException e) {
            throw new DocumentException(file, "", "cannot be read (" + e + "): check its path and owner", e);
        }
    }

    private static String keyOf(DatabindException e) {
        StringBuilder key = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            String name = step.getPropertyName();
            key.append(name == null ? "[" + step.getIndex() + "]" : key.isEmpty() ? name : "." + name);
        }
        return key.toString();
    }

    private static String reasonOf(JacksonException e) {
        Throwable cause = e.getCause();
        String reason = cause instanceof IllegalArgumentException ? cause.getMessage() : e.getOriginalMessage();
        return String.valueOf(reason).lines().findFirst().orElse("it cannot be understood");
    }

    private static String kindOf(@Nullable Class<?> type) {
        if (type == null) {
            return "value for it";
        }
        boolean number = type == long.class || type == Long.class || type == int.class || type == Integer.class;
        boolean truth = type == boolean.class || type == Boolean.class;
        return number ? "whole number" : truth ? "true or false" : type.getSimpleName();
    }
}
