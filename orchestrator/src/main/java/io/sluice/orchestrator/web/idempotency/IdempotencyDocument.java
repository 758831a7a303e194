package io.sluice.orchestrator.web.idempotency;

import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells the API's document that every POST takes a key. */
@Configuration(proxyBeanMethods = false)
class IdempotencyDocument {
    @Bean
    OpenApiCustomizer idempotencyKeys() {
        return document -> document.getPaths().values().stream()
                .map(path -> path.getPost())
                .filter(post -> post != null)
                .forEach(
                        post -> post.addParametersItem(
                                new HeaderParameter()
                                        .name(IdempotencyFilter.KEY)
                                        .required(false)
                                        .schema(new StringSchema().maxLength(255))
                                        .description(
                                                "Repeats of the call with the same key within a day get its first answer, with the header "
                                                        + IdempotencyFilter.REPLAYED
                                                        + ", and do nothing. The same key with another path, query or body is answered with 422"
                                                        + " IDEMPOTENCY_KEY_REUSED, one whose first call still runs with 409 IDEMPOTENCY_KEY_BUSY.")));
    }
}
