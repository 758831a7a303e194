package io.sluice.orchestrator.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Body of every error, {@code application/problem+json} (RFC 9457 §3.1).
 *
 * @param type {@code urn:sluice:problem:} and the code in lower case with hyphens
 * @param detail names the input that was wrong
 * @param code stable, upper case; programs compare this
 * @param remedy what to do
 * @param members what else there is to say in this case (RFC 9457 §3.2)
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        String remedy,
        @Nullable String instance,
        @JsonAnyGetter Map<String, Object> members) {
    public static Problem of(HttpStatus status, String code, String detail, String remedy, @Nullable String instance) {
        return of(status, code, detail, remedy, instance, Map.of());
    }

    static Problem of(
            HttpStatus status,
            String code,
            String detail,
            String remedy,
            @Nullable String instance,
            Map<String, Object> members) {
        String type = "urn:sluice:problem:" + code.toLowerCase(Locale.ROOT).replace('_', '-');
        return new Problem(type, status.getReasonPhrase(), status.value(), detail, code, remedy, instance, members);
    }
}
