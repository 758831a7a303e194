package io.sluice.orchestrator.web;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Schema;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;

/** Tells the API's document what the bodies look like that {@link Bodies} reads. */
@Configuration(proxyBeanMethods = false)
class BodyDocument {
    /** All that {@link Reads} names. */
    static final List<Class<?>> TYPES =
            List.of(DrainRequest.class, DrainsRequest.class, LimitsView.class, ReasonRequest.class);

    @Bean
    OpenApiCustomizer bodySchemas() {
        return document -> TYPES.forEach(
                type -> ModelConverters.getInstance(true).read(type).forEach(document.getComponents()::addSchemas));
    }

    @Bean
    OperationCustomizer describedBodies() {
        return (operation, method) -> {
            for (MethodParameter parameter : method.getMethodParameters()) {
                Reads reads = parameter.getParameterAnnotation(Reads.class);
                if (reads != null) {
                    describe(operation, reads.value());
                }
            }
            return operation;
        };
    }

    private static void describe(Operation operation, Class<?> type) {
        operation
                .getRequestBody()
                .getContent()
                .values()
                .forEach(media -> media.setSchema(new Schema<>().$ref("#/components/schemas/" + type.getSimpleName())));
    }
}
