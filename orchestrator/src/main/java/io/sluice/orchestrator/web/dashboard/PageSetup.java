package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What holds for every page of the dashboard: its content policy, and problems shown as a page. */
@Configuration(proxyBeanMethods = false)
@ControllerAdvice(basePackageClasses = PageSetup.class)
class PageSetup implements WebMvcConfigurer {

    /** No inline script or style at all, nothing from elsewhere; stricter than what the API's documentation page needs. */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new ContentPolicy());
    }

    /** Which entry of the navigation is the present one. */
    @ModelAttribute
    void path(HttpServletRequest request, Model model) {
        model.addAttribute("path", request.getRequestURI());
    }

    @ExceptionHandler
    ModelAndView problem(ProblemException problem, HttpServletRequest request) {
        return new ModelAndView(
                "dashboard/page",
                Map.of(
                        "title",
                        "Problem",
                        "path",
                        request.getRequestURI(),
                        "content",
                        "dashboard/problem",
                        "problem",
                        problem),
                problem.status());
    }

    private static final class ContentPolicy implements HandlerInterceptor {

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            if (handler instanceof HandlerMethod method
                    && method.getBeanType().getPackageName().equals(PageSetup.class.getPackageName())) {
                response.setHeader("Content-Security-Policy", CONTENT_POLICY);
                response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            }
            return true;
        }
    }
}
