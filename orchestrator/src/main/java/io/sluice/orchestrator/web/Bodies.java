package io.sluice.orchestrator.web;

import io.sluice.orchestrator.problem.ProblemException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.ObjectNode;

/** Reads operators' bodies. Stricter than agents' messages are read: a field nobody knows is a misspelt one, not a newer one. */
@Component
class Bodies {
    private final ObjectMapper json;

    Bodies(ObjectMapper json) {
        this.json = json;
    }

    /** No body is an empty one. */
    <T> T read(@Nullable JsonNode body, Class<T> type) {
        JsonNode given = body == null || body.isNull() ? json.createObjectNode() : body;
        if (!given.isObject()) {
            throw malformed("the request's body is no JSON object");
        }
        ObjectReader strict = json.readerFor(type).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        try {
            return strict.readValue(given);
        } catch (JacksonException e) {
            String field = e.getPath().stream()
                    .map(JacksonException.Reference::getPropertyName)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("."));
            throw malformed("the request's body cannot be read: " + (field.isEmpty() ? "" : field + ": ")
                    + e.getOriginalMessage());
        }
    }

    /** What is there with the patch's fields put in (RFC 7396). */
    <T> T merged(T there, @Nullable JsonNode patch, Class<T> type) {
        ObjectNode whole = json.valueToTree(there);
        if (patch instanceof ObjectNode fields) {
            merge(whole, fields);
        } else {
            throw malformed("the request's body is no JSON object");
        }
        return read(whole, type);
    }

    private static void merge(ObjectNode whole, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue() instanceof ObjectNode changed
                    && whole.get(field.getKey()) instanceof ObjectNode there) {
                merge(there, changed);
            } else {
                whole.set(field.getKey(), field.getValue());
            }
        }
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(
                HttpStatus.BAD_REQUEST,
                "MALFORMED_BODY",
                detail,
                "Send JSON as the OpenAPI document at /v3/api-docs describes it.");
    }
}
